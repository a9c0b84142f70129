import type { NoticeAddress, Notices } from '@baton/client';
import type { DevicePush, DevicePushState } from '@baton/client-web';
import { pause } from './failure.ts';

let address: NoticeAddress = { phone: '+16175550142', voice: false };
let state: DevicePushState = 'off';

export const notices: Notices = {
  address: () => Promise.resolve(address),
  async setAddress(next) {
    await pause(300);
    address = next;
    return address;
  },
  pushKey: () => Promise.resolve('B'.repeat(87)),
  subscribePush: () => pause(200),
  unsubscribePush: () => pause(200),
};

export const devicePush: DevicePush = {
  state: () => Promise.resolve(state),
  async subscribe() {
    await pause(200);
    state = 'on';
    return { endpoint: 'https://push.example.org/1', p256dh: 'p'.repeat(87), auth: 'a'.repeat(22) };
  },
  unsubscribe() {
    state = 'off';
    return Promise.resolve();
  },
  show: () => Promise.resolve(),
  onOpen: () => () => undefined,
};
