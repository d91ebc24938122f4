/**
 * Asks the browser not to delete the data of this site by itself when it needs room. Resolves with whether it agrees.
 *
 * Some browsers ask the user, so call it when the user has done something worth keeping, not when the page starts. Where
 * it can't be asked, and in workers of some browsers, the answer is `false`.
 */
export async function requestPersistence(): Promise<boolean> {
  const { navigator } = globalThis as { readonly navigator?: { readonly storage?: Partial<StorageManager> } };
  try {
    return (await navigator?.storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}
