import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The package's own names lead to src, as `paths` in tsconfig.json says: tests and examples need no build.
  resolve: { tsconfigPaths: true },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'test/package/**'],
    pool: 'threads',
    maxWorkers: 2,
    // Nothing is timed: this is for what would hang.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    typecheck: {
      enabled: true,
      include: ['test/types/**/*.test-d.ts'],
      // Errors elsewhere are for `npm run types` to tell.
      ignoreSourceErrors: true,
    },
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/**/index.ts'],
      reporter: ['text', 'html'],
      thresholds: { branches: 95, functions: 95, lines: 95, statements: 95 },
    },
  },
});
