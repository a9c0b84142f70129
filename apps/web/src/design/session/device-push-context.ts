import type { DevicePush } from '@baton/client-web';
import { createContext, useContext } from 'react';

const nothing: DevicePush = {
  state: () => Promise.resolve('unsupported'),
  subscribe: () => Promise.resolve(null),
  unsubscribe: () => Promise.resolve(),
  show: () => Promise.resolve(),
  onOpen: () => () => undefined,
};

const DevicePushContext = createContext<DevicePush>(nothing);

export const DevicePushProvider = DevicePushContext.Provider;

/** Notices of this browser. */
export function useDevicePush(): DevicePush {
  return useContext(DevicePushContext);
}
