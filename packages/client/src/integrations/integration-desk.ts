import type { IntegrationId } from '@baton/kernel';
import { integrationList, newIntegrationAnswer } from '@baton/wire';
import type { Integrations } from '../api/integrations.ts';
import type { Rest } from '../rest/rest.ts';

/** Integrations live on the server only: there is nothing of them to seal or to sign. */
export class IntegrationDesk implements Integrations {
  readonly #rest: Rest;

  constructor(ports: { readonly rest: Rest }) {
    this.#rest = ports.rest;
  }

  async list() {
    const { integrations } = await this.#rest.call({
      method: 'GET',
      path: '/integrations',
      answer: integrationList,
    });
    return integrations;
  }

  create(input: { readonly name: string; readonly webhook: string | null }) {
    return this.#rest.call({
      method: 'POST',
      path: '/integrations',
      body: input,
      answer: newIntegrationAnswer,
    });
  }

  async remove(integration: IntegrationId) {
    await this.#rest.call({ method: 'DELETE', path: `/integrations/${integration}`, answer: null });
  }
}
