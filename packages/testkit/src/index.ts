export {
  type Chromium,
  type ChromiumPackage,
  type FindChromiumOptions,
  findChromium,
} from './browser/find-chromium.ts';
