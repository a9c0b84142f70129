/**
 * A value that changes. `read` returns the same reference until the value changes, so it fits React's `useSyncExternalStore`; a listener is
 * told after the change, at most once per turn of the event loop.
 */
export interface Live<T> {
  read(): T;
  subscribe(listener: () => void): () => void;
}
