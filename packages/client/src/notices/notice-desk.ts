import { noticeAddressBody, pushInfo, type PushSubscriptionBody } from '@baton/wire';
import type { NoticeAddress, Notices } from '../api/notices.ts';
import type { Rest } from '../rest/rest.ts';

/** Addresses for notices live on the server, sealed at rest by its own key: it is the one that has to use them. */
export class NoticeDesk implements Notices {
  readonly #rest: Rest;

  constructor(ports: { readonly rest: Rest }) {
    this.#rest = ports.rest;
  }

  address() {
    return this.#rest.call({ method: 'GET', path: '/me/notices', answer: noticeAddressBody });
  }

  setAddress(address: NoticeAddress) {
    return this.#rest.call({ method: 'PUT', path: '/me/notices', body: address, answer: noticeAddressBody });
  }

  async pushKey() {
    const { key } = await this.#rest.call({ method: 'GET', path: '/push', answer: pushInfo });
    return key;
  }

  async subscribePush(subscription: PushSubscriptionBody) {
    await this.#rest.call({ method: 'PUT', path: '/push', body: subscription, answer: null });
  }

  async unsubscribePush() {
    await this.#rest.call({ method: 'DELETE', path: '/push', answer: null });
  }
}
