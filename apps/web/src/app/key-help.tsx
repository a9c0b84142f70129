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
        ['G I', t`Inbox`],
        ['G P', t`Patients`],
        ['G D', t`Directory`],
        ['/', t`Search this list`],
        ['?', t`This list`],
      ],
    ],
    [
      t`Threads`,
      [
        ['J', t`Next thread`],
        ['K', t`Previous thread`],
        ['C', t`New conversation`],
        ['R', t`Reply: to the chosen message, or write`],
        ['A', t`Got it: for the chosen message, or the latest`],
        ['↑ ↓', t`Choose a message (with the focus in the conversation)`],
      ],
    ],
    [t`Writing`, [['Mod+Enter', t`Send`]]],
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
