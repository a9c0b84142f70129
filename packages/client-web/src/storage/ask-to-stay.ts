/** Asks the browser not to evict the store when the disk fills. A refusal changes nothing: the server has it all, sealed. */
export async function askToStay(): Promise<void> {
  try {
    if (!(await navigator.storage.persisted())) await navigator.storage.persist();
  } catch {
    // an old browser, or a page that is just being closed
  }
}
