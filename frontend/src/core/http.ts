/** Requests to the API: JSON both ways, refusals as errors with their code. */

/** A refusal by the server, or ``code: "network"`` when there was no answer. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    text: string,
    readonly retryAfter: number | null = null,
  ) {
    super(text);
  }

  /** Whether the same request may succeed later. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export interface RequestOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Let the request outlive the page, for what is said while leaving. */
  keepalive?: boolean;
}

export interface Http {
  get<T>(path: string, options?: RequestOptions): Promise<T>;
  post<T>(path: string, body: unknown, options?: RequestOptions): Promise<T>;
}

export interface HttpOptions {
  /** Where the shop included chatdesk, such as ``/chatdesk/``. */
  root: string;
  /** Django's CSRF token, for the operator's side. */
  csrf?: () => string;
}

const DEFAULT_TIMEOUT_MS = 15_000;

/** Return an API client; paths are relative to ``<root>api/v1/``. */
export function createHttp({ root, csrf }: HttpOptions): Http {
  const base = `${root}api/v1/`;

  async function request<T>(
    path: string,
    init: RequestInit,
    options: RequestOptions,
  ): Promise<T> {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const timer = setTimeout(abort, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    options.signal?.addEventListener("abort", abort);
    try {
      const response = await fetch(base + path, {
        credentials: "same-origin",
        cache: "no-store",
        keepalive: options.keepalive ?? false,
        signal: controller.signal,
        ...init,
      });
      return (await readAnswer(response)) as T;
    } catch (error) {
      if (error instanceof HttpError) {
        throw error;
      }
      // Without words: what a browser calls it is nothing for people.
      throw new HttpError(0, "network", "");
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", abort);
    }
  }

  return {
    get: (path, options = {}) =>
      request(path, { headers: { Accept: "application/json" } }, options),
    post: (path, body, options = {}) => {
      const headers: Record<string, string> = {
        Accept: "application/json",
        "Content-Type": "application/json",
        ...options.headers,
      };
      if (csrf) {
        headers["X-CSRFToken"] = csrf();
      }
      const text = JSON.stringify(body);
      return request(path, { method: "POST", headers, body: text }, options);
    },
  };
}

async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text();
  const body = parse(text);
  if (response.ok) {
    if (body === null && text !== "") {
      // A page of a hotel's network or of a proxy, in the place of our server.
      throw new HttpError(0, "network", "");
    }
    return body ?? {};
  }
  throw refusalFrom(response, (body ?? {}) as Record<string, unknown>);
}

function refusalFrom(response: Response, body: Record<string, unknown>): HttpError {
  const { code, text, retry_after } = body;
  const retry = Number(
    retry_after ?? response.headers.get("Retry-After") ?? Number.NaN,
  );
  return new HttpError(
    response.status,
    typeof code === "string" ? code : `http_${response.status}`,
    typeof text === "string" ? text : "",
    Number.isFinite(retry) ? retry : null,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
