import { Button, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import type { PartProps } from './part-props.ts';
import style from './texting.module.css';

const MOST_TOPICS = 12;

/** What a patient can choose; short, in both languages. */
export function TopicsField({ draft, change }: PartProps) {
  const { t } = useLingui();
  const { topics } = draft;
  const set = (index: number, part: Partial<(typeof topics)[number]>): void =>
    change({ topics: topics.map((topic, place) => (place === index ? { ...topic, ...part } : topic)) });
  return (
    <div className={style['rows']}>
      {/* The fields say it to screen readers themselves. */}
      <div className={style['columns']} aria-hidden="true">
        <span>{t`English`}</span>
        <span>{t`Spanish`}</span>
      </div>
      {topics.map(({ id, en, es }, index) => (
        <div key={id} className={style['row']}>
          <TextInput
            aria-label={t`Topic in English`}
            value={en}
            maxLength={60}
            required
            onChange={(event) => set(index, { en: event.currentTarget.value })}
          />
          <TextInput
            aria-label={t`Topic in Spanish`}
            lang="es"
            value={es}
            maxLength={60}
            required
            onChange={(event) => set(index, { es: event.currentTarget.value })}
          />
          <IconAction
            label={t`Remove ${en}`}
            onClick={() =>
              change({
                topics: topics.filter((_, place) => place !== index),
                routes: draft.routes.filter(({ topic }) => topic !== id),
              })
            }
          >
            <IconTrash size={18} stroke={1.7} />
          </IconAction>
        </div>
      ))}
      <Button
        variant="subtle"
        leftSection={<IconPlus size={17} stroke={1.8} aria-hidden="true" />}
        disabled={topics.length >= MOST_TOPICS}
        onClick={() => change({ topics: [...topics, { id: freshId(topics), en: '', es: '' }] })}
      >
        <Trans>Add a topic</Trans>
      </Button>
    </div>
  );
}

function freshId(topics: readonly { readonly id: string }[]): string {
  let number = topics.length + 1;
  while (topics.some(({ id }) => id === `topic-${number}`)) number += 1;
  return `topic-${number}`;
}
