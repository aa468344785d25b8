/** Talking to /api: CSRF in, problem details (RFC 9457) out. */

export interface Problem {
  readonly status: number;
  readonly code: string;
  /** A sentence in the user's language. */
  readonly detail: string;
}

export class ProblemError extends Error implements Problem {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
  ) {
    super(detail);
  }
}

export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

/** @throws ProblemError, with an empty detail where the server gave no sentence. */
export async function requestJson<T>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  url: string,
  body?: unknown,
): Promise<T> {
  const headers: Record<string, string> = {
    Accept: "application/json",
    "X-CSRFToken": csrfToken(),
  };
  const options: RequestInit = { method, headers, credentials: "same-origin" };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(url, options);
  if (!response.ok) throw problem(response.status, await response.text());
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export function problem(status: number, body: string): ProblemError {
  try {
    const value = JSON.parse(body) as { code?: unknown; detail?: unknown };
    return new ProblemError(status, String(value.code ?? ""), String(value.detail ?? ""));
  } catch {
    return new ProblemError(status, "", "");
  }
}
