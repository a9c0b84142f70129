import { buildJoinLink, invitationSigningKey, makeInvitationSecret, type Primitives } from '@baton/crypto';
import { type AccountId, type Clock, newId, type Rng, type RoleId } from '@baton/kernel';
import { findAccount, findOrg, listInvitations, type AccountView } from '@baton/ledger';
import type { Job } from '@baton/wire';
import type { PendingInvitation, People } from '../api/people.ts';
import { ClientError } from '../failure.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { LiveView, type Soon } from '../live/cell.ts';
import type { RoleKeeper } from '../roles/role-keeper.ts';
import type { Enroller } from './enroller.ts';

const INVITATION_LIFE_MS = 14 * 86_400_000;

export interface PeoplePorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly soon: Soon;
  readonly publicUrl: string;
  readonly keyLog: KeyLogReplica;
  readonly enroller: Enroller;
  readonly roles: RoleKeeper;
}

export interface InviteInput {
  readonly account: AccountId;
  readonly kind: 'user' | 'agent' | 'patient';
  readonly gen: number;
  readonly name: string | null;
  readonly jobs: readonly Job[];
  /** Hash of the agent's manifest; null for people. */
  readonly manifest: Uint8Array | null;
}

/** Inviting, changing and deactivating people; defining roles. */
export class PeopleDesk implements People {
  readonly canEnrol: LiveView<boolean>;
  readonly invitations: LiveView<readonly PendingInvitation[]>;
  readonly #ports: PeoplePorts;

  constructor(ports: PeoplePorts) {
    this.#ports = ports;
    this.canEnrol = new LiveView(ports.soon, () => ports.enroller.canSign);
    this.invitations = new LiveView(ports.soon, () => this.#listInvitations());
  }

  invalidate(): void {
    this.canEnrol.invalidate();
    this.invitations.invalidate();
  }

  invite(input: { readonly name: string; readonly jobs: readonly Job[] }) {
    const account = newId('account', this.#ports.rng);
    return this.issue({ account, kind: 'user', gen: 1, name: input.name, jobs: input.jobs, manifest: null });
  }

  /** Signs an invitation and answers its link. */
  async issue(input: InviteInput): Promise<{ readonly link: string; readonly notAfter: number }> {
    const { primitives, rng, clock, keyLog, enroller, publicUrl } = this.#ports;
    const root = findOrg(keyLog.state)?.root;
    if (!root) throw new ClientError('server.not_ready', 'keylog');
    const secret = makeInvitationSecret(rng);
    const key = await invitationSigningKey(primitives, secret);
    const invitation = newId('invitation', rng);
    const notAfter = clock.nowMs() + INVITATION_LIFE_MS;
    const { jobs, ...rest } = input;
    await enroller.publish({
      t: 'invitation',
      ...rest,
      jobs: [...jobs],
      invitation,
      pub: key.publicKey,
      notAfter,
    });
    return { link: buildJoinLink(publicUrl, { invitation, secret, root }), notAfter };
  }

  async reinvite(account: AccountId) {
    const view = this.#require(account);
    return this.issue({
      account,
      kind: view.kind,
      gen: view.gen + 1,
      name: view.name,
      jobs: view.jobs,
      manifest: view.manifest,
    });
  }

  async change(
    account: AccountId,
    input: { readonly name: string; readonly jobs: readonly Job[] },
  ): Promise<void> {
    const view = this.#require(account);
    await this.#grant(view, { name: input.name, jobs: input.jobs, active: view.active });
  }

  async deactivate(account: AccountId): Promise<void> {
    const view = this.#require(account);
    await this.#grant(view, { name: view.name, jobs: view.jobs, active: false });
  }

  /** An agent's new manifest, by its hash. */
  async grantManifest(agent: AccountId, manifest: Uint8Array): Promise<void> {
    const { name, jobs, active, ...view } = this.#require(agent);
    await this.#grant({ ...view, name, jobs, active, manifest }, { name, jobs, active });
  }

  async defineRole(input: {
    readonly name: string;
    readonly unit: string | null;
    readonly use: 'team' | 'duty';
    readonly holders: readonly AccountId[];
  }): Promise<RoleId> {
    const { role, keyring } = this.#ports.roles.newIds();
    await this.#ports.enroller.publish({
      t: 'role',
      role,
      n: 1,
      name: input.name,
      unit: input.unit,
      kind: input.use,
      keyring,
      active: true,
    });
    await this.#ports.roles.createKeyring(role, keyring, input.holders);
    return role;
  }

  addHolder(role: RoleId, account: AccountId): Promise<void> {
    return this.#ports.roles.addHolder(role, account);
  }

  removeHolder(role: RoleId, account: AccountId): Promise<void> {
    return this.#ports.roles.removeHolder(role, account);
  }

  async #grant(
    view: AccountView,
    next: { readonly name: string | null; readonly jobs: readonly Job[]; readonly active: boolean },
  ): Promise<void> {
    const { account, grants } = view;
    const { name, jobs, active } = next;
    await this.#ports.enroller.publish({
      t: 'grant',
      account,
      n: grants + 1,
      name,
      jobs: [...jobs],
      active,
      manifest: view.manifest,
    });
  }

  #require(account: AccountId): AccountView {
    const view = findAccount(this.#ports.keyLog.state, account);
    if (!view) throw new ClientError('request.not_found', 'account');
    return view;
  }

  #listInvitations(): readonly PendingInvitation[] {
    return listInvitations(this.#ports.keyLog.state)
      .map(({ statement, claimedAt }) => ({
        invitation: statement.invitation,
        account: statement.account,
        name: statement.name,
        jobs: statement.jobs,
        notAfter: statement.notAfter,
        claimed: claimedAt !== null,
      }))
      .reverse();
  }
}
