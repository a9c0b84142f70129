export interface TabChannel {
  /** Structured-clonable data, to every other tab of this origin that has the channel open. */
  post(data: unknown): void;
  close(): void;
}

/** A BroadcastChannel. What arrives has no type yet: another version of the page may have sent it. */
export function openTabChannel(name: string, receive: (data: unknown) => void): TabChannel {
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => receive(data));
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows; a channel reaches its own origin only
    post: (data) => channel.postMessage(data),
    close: () => channel.close(),
  };
}
