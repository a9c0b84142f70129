import { startApp } from './start.tsx';

await startApp({ openDoor: () => Promise.reject(new Error('the browser client is not wired yet')) });
