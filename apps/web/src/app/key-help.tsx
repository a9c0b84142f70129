import { Modal } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { Keys } from '../design/primitives/keys.tsx';
import style from './key-help.module.css';

export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLingui();
  const groups: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    [
      t`Go to`,
      [
        ['Mod+K', t`Search everything: people, patients, roles, threads, actions`],
        ['G B', t`My batons`],
        ['G I', t`Inbox`],
        ['G P', t`Patients`],
        ['G A', t`Appointments`],
        ['G C', t`Check-ins`],
        ['G O', t`On call`],
        ['G D', t`Directory`],
        ['/', t`Search this list`],
        ['?', t`This list`],
      ],
    ],
    [
      t`Threads`,
      [
        ['J', t`Next thread or baton`],
        ['K', t`Previous thread or baton`],
        ['C', t`New conversation`],
        ['R', t`Reply: to the chosen message, or write`],
        ['A', t`Acknowledge what waits for you, or “Got it”`],
        ['H', t`Hand over`],
        ['E', t`Close, with a reason`],
        ['↑ ↓', t`Choose a message (with the focus in the conversation)`],
      ],
    ],
    [
      t`Writing`,
      [
        ['Mod+Enter', t`Send`],
        ['Alt+1', t`FYI`],
        ['Alt+2', t`Reply`],
        ['Alt+3', t`Call me`],
        ['Alt+4', t`STAT`],
        ['Alt+T', t`Use a template`],
      ],
    ],
  ];
  return (
    <Modal
      opened
      size="lg"
      title={t`Keyboard shortcuts`}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      <div className={style['groups']}>
        {groups.map(([title, rows]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([keys, what]) => (
                <div key={keys}>
                  <dt>
                    <Keys keys={keys} />
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
