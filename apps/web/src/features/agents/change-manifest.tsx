import type { AgentRow } from '@baton/client';
import { encodeBase64Url } from '@baton/kernel';
import type { Manifest } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { FailureNotice, Notice } from '../../design/primitives/notice.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';
import { useLive } from '../../design/session/use-live.ts';
import { AccessFields, type Wish, wishManifest } from './access-fields.tsx';
import style from './agents.module.css';
import { CodeField, parseDigest } from './code-field.tsx';
import { manifestChanges } from './manifest-changes.ts';
import { ResponsibleField } from './responsible-field.tsx';

interface ChangeProps {
  readonly row: AgentRow;
  readonly manifest: Manifest;
  /** The station says that its code is another: only the digest is in question. */
  readonly codeOnly: boolean;
  readonly onClose: () => void;
}

/** Another manifest for an assistant: what changes stands there in plain words before anything is signed. */
function ChangeManifest(props: ChangeProps) {
  const { t } = useLingui();
  const session = useSession();
  const canEnrol = useLive(session.people.canEnrol);
  const { name } = props.row.agent;
  return (
    <Modal
      opened
      size="lg"
      closeOnClickOutside={false}
      title={props.codeOnly ? t`New code for ${name}` : t`Change what ${name} may do`}
      onClose={props.onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      {canEnrol ? (
        <ChangeForm {...props} />
      ) : (
        <Notice tone="waiting">
          <Trans>
            This account does not hold the enrolment key, so it cannot sign a manifest. Ask the administrator
            who set up your organisation.
          </Trans>
        </Notice>
      )}
    </Modal>
  );
}

function ChangeForm({ row, manifest, codeOnly, onClose }: ChangeProps) {
  const { i18n } = useLingui();
  const { agents, directory } = useSession();
  const { program, duty } = manifest;
  const [wish, setWish] = useState<Wish>({
    purposes: manifest.purposes.join('\n'),
    hosts: manifest.hosts.join('\n'),
    duty,
    access: manifest.access,
  });
  const [digest, setDigest] = useState(() => (codeOnly ? '' : encodeBase64Url(manifest.code)));
  const [responsible, setResponsible] = useState(manifest.responsible);
  const action = useAction();
  const code = parseDigest(digest);
  const wanted = code === null ? null : wishManifest(wish, { program, code, responsible });
  const nameOf = (id: typeof responsible): string => directory.member(id)?.name ?? '';
  const changes = wanted === null ? [] : manifestChanges(manifest, wanted, { i18n, nameOf });
  const save = (): void => {
    if (wanted === null || changes.length === 0) return;
    void action.run(() => agents.changeManifest(row.agent.id, wanted)).then((done) => done && onClose());
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack gap="md">
        {codeOnly && (
          <p>
            <Trans>
              After an update the station runs no assistant whose code is not the one that was signed. Print
              the digest there, compare it with the one of the release, and paste it here.
            </Trans>
          </p>
        )}
        {!codeOnly && <AccessFields wish={wish} onChange={setWish} detailed />}
        <CodeField program={program} value={digest} onChange={setDigest} focusFirst={codeOnly} />
        {!codeOnly && <ResponsibleField value={responsible} onChange={setResponsible} />}
        <section className={style['changes']} aria-live="polite">
          <h3>
            <Trans>What changes</Trans>
          </h3>
          {changes.length === 0 ? (
            <p className={style['quiet']}>
              <Trans>Nothing yet.</Trans>
            </p>
          ) : (
            <ul>
              {changes.map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
          )}
        </section>
        <p className={style['quiet']}>
          <Trans>You sign it for your organisation. Everybody's device follows it from then on.</Trans>
        </p>
        <FailureNotice sentence={action.failure} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" disabled={changes.length === 0} loading={action.busy}>
            <Trans>Sign the change</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The two ways to a change: of what it may do, and of its code where the station refuses it. */
export function ManifestActs({ row, manifest }: { readonly row: AgentRow; readonly manifest: Manifest }) {
  const [changing, setChanging] = useState<'all' | 'code' | null>(null);
  return (
    <section>
      <h2>
        <Trans>Change it</Trans>
      </h2>
      <p className={style['quiet']}>
        <Trans>
          If the station says “wrong-code” for it, its program was updated: it stands still until the new code
          is signed.
        </Trans>
      </p>
      <Group gap="sm">
        <Button variant="default" onClick={() => setChanging('all')}>
          <Trans>Change what it may do…</Trans>
        </Button>
        <Button variant="default" onClick={() => setChanging('code')}>
          <Trans>Sign new code…</Trans>
        </Button>
      </Group>
      {changing !== null && (
        <ChangeManifest
          row={row}
          manifest={manifest}
          codeOnly={changing === 'code'}
          onClose={() => setChanging(null)}
        />
      )}
    </section>
  );
}
