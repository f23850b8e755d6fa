import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The page is served at /graphql and its files under /playground/, hence the absolute base.
export default defineConfig({
  base: '/playground/',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    outDir: '../../dist/playground',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 8000,
    rolldownOptions: {
      // graphiql's files have "use no memo", which needs the React compiler: 40 useless warnings.
      onLog: (level, log, next) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') next(level, log);
      },
    },
  },
});
