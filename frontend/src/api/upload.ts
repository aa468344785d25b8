import { csrfToken, ProblemError, problem } from "./http.ts";

export interface PhotoOut {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  /** An older photo with the same pixels, told once. */
  readonly same_as?: { readonly id: string; readonly title: string; readonly url: string } | null;
}

/**
 * Send a photo. XMLHttpRequest, because fetch does not tell how much was sent.
 *
 * @param progress is told a share in [0, 1].
 * @throws ProblemError; status 0 when the server was not reached.
 */
export function uploadPhoto(file: File, progress: (share: number) => void): Promise<PhotoOut> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, file.name || "pasted.png");
    request.open("POST", "/api/photos");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText) as PhotoOut);
      else reject(problem(request.status, request.responseText));
    };
    request.onerror = () => reject(new ProblemError(0, "offline", ""));
    request.send(form);
  });
}
