export { createNodeDoor, type NodeDoor } from './node-door.ts';
export {
  createNodePlatform,
  type NodePlatformOptions,
  nodeClock,
  nodeMonotonic,
  nodePrimitives,
  nodeRng,
  nodeTimers,
} from './node-platform.ts';
export { createNodePatientDoor } from './node-phone.ts';
export { createNodeTransport } from './node-transport.ts';
export { openSealedFileStore, type SealedFileStoreOptions } from './sealed-file-store.ts';
