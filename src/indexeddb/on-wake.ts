/**
 * Calls a listener when a page runs again that was frozen, hidden or in the back/forward cache: what others announced
 * meanwhile it may not have heard. Returns a function that stops it.
 */
export function onWake(listener: () => void): () => void {
  // Workers and servers are not frozen with a page that hears nothing.
  if (typeof document === 'undefined') return () => undefined;
  const onVisible = (): void => {
    if (document.visibilityState === 'visible') listener();
  };
  document.addEventListener('visibilitychange', onVisible);
  document.addEventListener('resume', listener);
  window.addEventListener('pageshow', listener);
  return () => {
    document.removeEventListener('visibilitychange', onVisible);
    document.removeEventListener('resume', listener);
    window.removeEventListener('pageshow', listener);
  };
}
