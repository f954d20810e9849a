import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = `http://127.0.0.1:${process.env.PORT ?? '8000'}`

// The built pages run under `style-src 'self'` and Trusted Types: no inlined assets, no inline polyfill.
export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    // zod and the preferences apart: main.ts quietens the one before any schema is made, and paints the ground by the other before
    // the rest is there. What many pages share stands in few files, not in eighty.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'zod', test: /node_modules[\\/]zod[\\/]/, priority: 3 },
            { name: 'preferences', test: /src[\\/]ui[\\/]preferences/, priority: 2 },
            { name: 'libraries', test: /node_modules/, minShareCount: 6, priority: 1 },
            { name: 'shared', test: /(shared|src[\\/](ui|api))[\\/]/, minShareCount: 6 },
          ],
        },
      },
    },
  },
  server: {
    port: 3000,
    strictPort: true,
    proxy: Object.fromEntries(['/api', '/health', '/openapi.json', '/docs', '/redoc'].map((path) => [path, { target: server, ws: true }])),
  },
})
