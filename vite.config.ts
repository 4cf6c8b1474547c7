import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const antd = /node_modules[\\/](antd|@ant-design|@rc-component|rc-[^\\/]+)[\\/]/;
// What no first page draws; shared/layers.tsx fetches what lies over pages when it is opened.
const antdLater =
  /node_modules[\\/](antd[\\/]es[\\/](qr-code|input-number|popconfirm|popover|skeleton|drawer|modal[\\/](?!locale))|@rc-component[\\/](qrcode|input-number|mini-decimal|dialog|drawer))/;

// The console: one page with a chunk for each screen; everything it needs comes from its own address (政务外网).
export default defineConfig({
  base: '/console/',
  publicDir: false,
  plugins: [react()],
  build: {
    outDir: 'dist/console',
    target: 'baseline-widely-available',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|react-router|scheduler|@tanstack)[\\/]/,
              priority: 3,
            },
            { name: 'antd', test: (id: string) => antd.test(id) && !antdLater.test(id), priority: 2 },
            { name: 'antd-later', test: antdLater, priority: 1 },
            {
              name: 'contracts',
              test: /node_modules[\\/]zod[\\/]|src[\\/]kernel[\\/]|[\\/]contract\.ts$/,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
