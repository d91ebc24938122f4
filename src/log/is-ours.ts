/** Whether an error is one of this package already. */
export function isOurs(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null | undefined)?.code?.toString().startsWith('RCD') ?? false;
}
