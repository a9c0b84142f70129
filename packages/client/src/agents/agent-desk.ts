import type { AgentActivity, AgentRow, Agents } from '../api/agents.ts';
import { ClientError } from '../failure.ts';
import { LiveView, type Soon } from '../live/cell.ts';

/** Agents of the organisation: what each may do, where it is, and the changes to that. */
export class AgentDesk implements Agents {
  readonly rows: LiveView<readonly AgentRow[]>;

  constructor(ports: { readonly soon: Soon }) {
    this.rows = new LiveView(ports.soon, () => []);
  }

  invite(): Promise<{ readonly link: string }> {
    return notYet();
  }

  changeManifest() {
    return notYet();
  }

  admit() {
    return notYet();
  }

  revoke() {
    return notYet();
  }

  keepRole() {
    return notYet();
  }

  end() {
    return notYet();
  }

  activity(): Promise<AgentActivity> {
    return notYet();
  }
}

function notYet(): Promise<never> {
  return Promise.reject(new ClientError('server.not_ready', 'agents'));
}
