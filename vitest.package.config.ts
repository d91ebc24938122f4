import { defineConfig } from 'vitest/config';

// Tests of the packed tarball, as an installed package: slower than the rest, and with a build.
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});
