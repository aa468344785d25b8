/** The photo's lightness and the small ab map, joined by the graphics card at any zoom. */
import { type ChromaMap, toTexels } from "../core/chroma.ts";
import { GAMUT_SLACK, WEAKENINGS } from "../core/color.ts";
import { type Compositor, GREY, type Tone } from "../core/compose.ts";
import type { Size, View } from "../core/geometry.ts";

const VERTEX = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

/** engine/color.ts and engine/compose.ts say the same; tests hold those to scikit-image. */
const FRAGMENT = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D lightness;
uniform sampler2D chroma;
uniform vec3 view;
uniform vec2 photo;
uniform float stageHeight;
uniform vec3 tone;
uniform float split;
out vec4 color;

vec4 cubic(float t) {
  float t2 = t * t;
  float t3 = t2 * t;
  return vec4(
    -0.5 * t3 + t2 - 0.5 * t,
    1.5 * t3 - 2.5 * t2 + 1.0,
    -1.5 * t3 + 2.0 * t2 + 0.5 * t,
    0.5 * t3 - 0.5 * t2);
}

vec2 chromaAt(vec2 uv) {
  ivec2 size = textureSize(chroma, 0);
  vec2 place = uv * vec2(size) - 0.5;
  vec2 first = floor(place);
  vec4 wx = cubic(place.x - first.x);
  vec4 wy = cubic(place.y - first.y);
  vec2 sum = vec2(0.0);
  for (int j = 0; j < 4; j++) {
    for (int i = 0; i < 4; i++) {
      ivec2 at = clamp(ivec2(first) + ivec2(i - 1, j - 1), ivec2(0), size - 1);
      sum += wx[i] * wy[j] * (texelFetch(chroma, at, 0).rg * 255.0 - 128.0);
    }
  }
  return sum;
}

vec3 backward(vec3 f) {
  return mix((f - 16.0 / 116.0) / 7.787, f * f * f, step(0.2068966, f));
}

vec3 linearRgb(float fy, vec2 ab) {
  vec3 xyz = backward(vec3(fy + ab.x / 500.0, fy, max(0.0, fy - ab.y / 200.0)))
    * vec3(0.95047, 1.0, 1.08883);
  return vec3(
    dot(xyz, vec3(3.24048134, -1.53715152, -0.49853633)),
    dot(xyz, vec3(-0.96925495, 1.87599, 0.04155593)),
    dot(xyz, vec3(0.05564664, -0.20404134, 1.05731107)));
}

bool shown(vec3 linear) {
  return all(greaterThanEqual(linear, vec3(-${GAMUT_SLACK})))
    && all(lessThanEqual(linear, vec3(1.0 + ${GAMUT_SLACK})));
}

vec3 weakenedRgb(float fy, vec2 ab) {
  vec3 linear = linearRgb(fy, ab);
  if (shown(linear)) return linear;
  float low = 0.0;
  float high = 1.0;
  for (int step = 0; step < ${WEAKENINGS}; step++) {
    float middle = (low + high) / 2.0;
    if (shown(linearRgb(fy, ab * middle))) low = middle;
    else high = middle;
  }
  return linearRgb(fy, ab * low);
}

void main() {
  vec2 screen = vec2(gl_FragCoord.x, stageHeight - gl_FragCoord.y);
  vec2 uv = (screen - view.yz) / view.x / photo;
  if (any(lessThan(uv, vec2(0.0))) || any(greaterThanEqual(uv, vec2(1.0)))) {
    color = vec4(0.0);
    return;
  }
  float l = texture(lightness, uv).r * 100.0;
  vec2 ab = gl_FragCoord.x < split ? vec2(0.0)
    : (tone.x > 0.0 ? chromaAt(uv) * tone.x : vec2(0.0)) + tone.yz;
  vec3 linear = clamp(weakenedRgb((l + 16.0) / 116.0, ab), 0.0, 1.0);
  vec3 encoded = mix(12.92 * linear, 1.055 * pow(linear, vec3(1.0 / 2.4)) - 0.055,
    step(0.0031308, linear));
  color = vec4(encoded, 1.0);
}`;

const UNIFORMS = ["lightness", "chroma", "view", "photo", "stageHeight", "tone", "split"] as const;

export interface WebGlHooks {
  /** The context came back: draw again. */
  restored(): void;
  /** The context was lost and may stay so. */
  lost(): void;
}

export class WebGlCompositor implements Compositor {
  readonly kind = "webgl2";
  #gl: WebGL2RenderingContext;
  #uniforms = new Map<string, WebGLUniformLocation | null>();
  #chroma: WebGLTexture | null = null;
  #map: ChromaMap | null = null;
  #listening = new AbortController();

  /**
   * @param decode gives the lightness picture, again after a lost context.
   * @param slowly also where the graphics card is only played by the CPU.
   * @returns null where there is no WebGL2 that works.
   */
  static async create(
    canvas: HTMLCanvasElement,
    photo: Size,
    decode: () => Promise<ImageBitmap>,
    hooks: WebGlHooks,
    slowly: boolean,
  ): Promise<WebGlCompositor | null> {
    const gl = canvas.getContext("webgl2", {
      alpha: true,
      antialias: false,
      depth: false,
      failIfMajorPerformanceCaveat: !slowly,
      // Kept, so that what is on screen can be read at any time.
      preserveDrawingBuffer: true,
    });
    if (!gl) return null;
    const compositor = new WebGlCompositor(canvas, gl, photo, decode, hooks);
    return (await compositor.#build()) ? compositor : null;
  }

  private constructor(
    readonly canvas: HTMLCanvasElement,
    gl: WebGL2RenderingContext,
    readonly photo: Size,
    readonly decode: () => Promise<ImageBitmap>,
    readonly hooks: WebGlHooks,
  ) {
    this.#gl = gl;
    const { signal } = this.#listening;
    const lost = (event: Event) => {
      event.preventDefault();
      hooks.lost();
    };
    const restored = () => {
      void this.#build().then((built) => built && hooks.restored());
    };
    canvas.addEventListener("webglcontextlost", lost, { signal });
    canvas.addEventListener("webglcontextrestored", restored, { signal });
  }

  setChroma(map: ChromaMap | null): void {
    this.#map = map;
    const gl = this.#gl;
    if (!map || gl.isContextLost()) return;
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.#chroma);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    const { width, height } = map;
    gl.texImage2D(
      gl.TEXTURE_2D,
      0,
      gl.RG8,
      width,
      height,
      0,
      gl.RG,
      gl.UNSIGNED_BYTE,
      toTexels(map),
    );
  }

  draw(view: View, width: number, height: number, tone: Tone, split: number): void {
    const gl = this.#gl;
    if (gl.isContextLost()) return;
    gl.viewport(0, 0, width, height);
    gl.uniform3f(this.#at("view"), view.scale, view.x, view.y);
    gl.uniform2f(this.#at("photo"), this.photo.width, this.photo.height);
    gl.uniform1f(this.#at("stageHeight"), height);
    const { gain, a, b } = this.#map ? tone : GREY;
    gl.uniform3f(this.#at("tone"), gain, a, b);
    gl.uniform1f(this.#at("split"), split);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  dispose(): void {
    this.#listening.abort();
    this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  #at(name: (typeof UNIFORMS)[number]): WebGLUniformLocation | null {
    return this.#uniforms.get(name) ?? null;
  }

  async #build(): Promise<boolean> {
    const gl = this.#gl;
    const program = link(gl);
    if (!program) return false;
    gl.useProgram(program);
    for (const name of UNIFORMS) this.#uniforms.set(name, gl.getUniformLocation(program, name));
    gl.uniform1i(this.#at("lightness"), 0);
    gl.uniform1i(this.#at("chroma"), 1);
    gl.bindVertexArray(gl.createVertexArray());
    this.#chroma = texture(gl, gl.TEXTURE1, gl.NEAREST, gl.NEAREST);
    const neutral = { width: 1, height: 1, a: new Int8Array(1), b: new Int8Array(1) };
    const map = this.#map;
    this.setChroma(neutral);
    this.#map = null;
    if (map) this.setChroma(map);
    await this.#loadLightness();
    return gl.getError() === gl.NO_ERROR;
  }

  async #loadLightness(): Promise<void> {
    const gl = this.#gl;
    const bitmap = await shrunk(await this.decode(), gl.getParameter(gl.MAX_TEXTURE_SIZE));
    texture(gl, gl.TEXTURE0, gl.LINEAR_MIPMAP_LINEAR, gl.LINEAR);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, gl.RED, gl.UNSIGNED_BYTE, bitmap);
    gl.generateMipmap(gl.TEXTURE_2D);
    bitmap.close();
  }
}

/** A texture bound to a unit, clamped at its edges. */
function texture(gl: WebGL2RenderingContext, unit: number, min: number, mag: number) {
  const made = gl.createTexture();
  gl.activeTexture(unit);
  gl.bindTexture(gl.TEXTURE_2D, made);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, min);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, mag);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return made;
}

async function shrunk(bitmap: ImageBitmap, maxSide: number): Promise<ImageBitmap> {
  const ratio = maxSide / Math.max(bitmap.width, bitmap.height);
  if (ratio >= 1) return bitmap;
  return createImageBitmap(bitmap, {
    resizeWidth: Math.floor(bitmap.width * ratio),
    resizeHeight: Math.floor(bitmap.height * ratio),
    resizeQuality: "high",
  });
}

function link(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}
