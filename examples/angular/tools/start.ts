import { build, install, site } from './prepare.js';
import { serve } from './serve.js';

// The flight desk from a fresh clone: packs the library, installs, builds, and serves on loopback.
await install();
await build();
const { url } = await serve(site, 4200);
console.log(`\nThe flight desk is at ${url} (Ctrl+C ends it)\n`);
