import type { AccountId, Bytes } from '@baton/kernel';
import {
  AGENT_WRITES,
  type AgentWrite,
  CONVERSATION_KINDS,
  type ConversationKind,
  type Manifest,
} from '@baton/wire';
import { useLingui } from '@lingui/react/macro';
import { Checkbox, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import style from './agents.module.css';
import { KIND_NAMES, WRITE_NAMES } from './manifest-words.ts';

/** What a new assistant is to be allowed, as one types it. */
export interface Wish {
  readonly purposes: string;
  readonly hosts: string;
  readonly duty: boolean;
  readonly access: Manifest['access'];
}

/** No more than the duty program uses. */
export const DUTY_WISH: Wish = {
  purposes: [
    'Hands a role over at shift change, as the signed schedule says, also when nobody is online',
    'Can therefore read everything that the roles it is switched on for can read',
    'Writes no messages',
  ].join('\n'),
  hosts: '',
  duty: true,
  access: [
    { kind: 'keyring', history: true, writes: ['members'] },
    { kind: 'collection', history: true, writes: ['put'] },
  ],
};

export const NO_WISH: Wish = {
  purposes: '',
  hosts: '',
  duty: false,
  access: [{ kind: 'collection', history: true, writes: ['put'] }],
};

/** null where it names no purpose or nothing to read. */
export function wishManifest(
  wish: Wish,
  rest: { readonly program: string; readonly code: Bytes; readonly responsible: AccountId },
): Omit<Manifest, 'v' | 't' | 'org' | 'version'> | null {
  const purposes = linesOf(wish.purposes);
  if (purposes.length === 0 || wish.access.length === 0) return null;
  return { ...rest, purposes, hosts: linesOf(wish.hosts), duty: wish.duty, access: wish.access };
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Keys of roles are for the duty program only. */
const OFFERED = CONVERSATION_KINDS.filter((kind) => kind !== 'keyring');

export function AccessFields({
  wish,
  onChange,
  detailed = false,
}: {
  readonly wish: Wish;
  readonly onChange: (wish: Wish) => void;
  /** Each thing that it may write by itself. */
  readonly detailed?: boolean;
}) {
  const { t, i18n } = useLingui();
  const find = (kind: ConversationKind) => wish.access.find((one) => one.kind === kind);
  const change = (kind: ConversationKind, part: Partial<Manifest['access'][number]> | null): void => {
    const others = wish.access.filter((one) => one.kind !== kind);
    const before = find(kind) ?? { kind, history: false, writes: [] };
    const access = part === null ? others : [...others, { ...before, ...part }];
    const place = (one: ConversationKind): number => CONVERSATION_KINDS.indexOf(one);
    onChange({ ...wish, access: access.toSorted((a, b) => place(a.kind) - place(b.kind)) });
  };
  return (
    <Stack gap="md">
      <Textarea
        label={t`What it is for, one purpose a line`}
        required
        autosize
        minRows={2}
        maxLength={600}
        value={wish.purposes}
        onChange={(event) => onChange({ ...wish, purposes: event.currentTarget.value })}
      />
      <fieldset className={style['kinds']}>
        <legend>{t`Where it may be let in`}</legend>
        {OFFERED.map((kind) => {
          const access = find(kind);
          const name = i18n._(KIND_NAMES[kind]);
          const write = kind === 'collection' ? 'put' : 'message';
          return (
            <div key={kind} className={style['kind']}>
              <Checkbox
                label={name}
                checked={access !== undefined}
                onChange={(event) => change(kind, event.currentTarget.checked ? {} : null)}
              />
              {access !== undefined && (
                <div className={style['kind-more']}>
                  <Checkbox
                    size="sm"
                    label={t`Earlier messages too`}
                    aria-label={t`${name}: earlier messages too`}
                    checked={access.history}
                    onChange={(event) => change(kind, { history: event.currentTarget.checked })}
                  />
                  {detailed ? (
                    <WriteFields access={access} onChange={(writes) => change(kind, { writes })} />
                  ) : (
                    <Checkbox
                      size="sm"
                      label={t`May write`}
                      aria-label={t`${name}: may write`}
                      checked={access.writes.length > 0}
                      onChange={(event) =>
                        change(kind, { writes: event.currentTarget.checked ? [write] : [] })
                      }
                    />
                  )}
                </div>
              )}
            </div>
          );
        })}
      </fieldset>
      <Textarea
        label={t`Hosts it may reach besides this server, one a line`}
        autosize
        minRows={1}
        value={wish.hosts}
        onChange={(event) => onChange({ ...wish, hosts: event.currentTarget.value })}
      />
    </Stack>
  );
}

const MESSAGE_WRITES: readonly AgentWrite[] = ['message', 'edit', 'withdrawal', 'reaction'];
const PATIENT_WRITES: readonly AgentWrite[] = [...MESSAGE_WRITES, 'settle'];

/** One box for each thing that it may write; what is signed already is always among them. */
function WriteFields({
  access,
  onChange,
}: {
  readonly access: Manifest['access'][number];
  readonly onChange: (writes: AgentWrite[]) => void;
}) {
  const { t, i18n } = useLingui();
  const [signed] = useState(access.writes);
  const inConversation = access.kind === 'patient' ? PATIENT_WRITES : MESSAGE_WRITES;
  const usual: readonly AgentWrite[] = access.kind === 'collection' ? ['put'] : inConversation;
  const offered = AGENT_WRITES.filter((write) => usual.includes(write) || signed.includes(write));
  const name = i18n._(KIND_NAMES[access.kind]);
  return offered.map((write) => {
    const act = i18n._(WRITE_NAMES[write]);
    return (
      <Checkbox
        key={write}
        size="sm"
        label={t`May ${act}`}
        aria-label={t`${name}: may ${act}`}
        checked={access.writes.includes(write)}
        onChange={(event) => {
          const isOn = event.currentTarget.checked;
          onChange(AGENT_WRITES.filter((one) => (one === write ? isOn : access.writes.includes(one))));
        }}
      />
    );
  });
}
