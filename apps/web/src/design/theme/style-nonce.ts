/** The nonce that the server wrote into the page; style elements made by the kit carry it. */
export function readStyleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}
