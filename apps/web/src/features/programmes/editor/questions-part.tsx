import type { Question } from '@baton/clinical';
import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { BranchFields, freshBranch } from './branch-fields.tsx';
import style from './editor.module.css';
import { AddButton, Item, KeysField, placeActs, replaceAt, WordsField } from './fields.tsx';
import { freeName } from './names.ts';
import { Part, type PartProps } from './part.tsx';

const KIND_NAMES = {
  dose: msg`dose taken`,
  wellbeing: msg`how they feel`,
  'yes-no': msg`yes or no`,
  count: msg`a count`,
  temperature: msg`a temperature`,
  'blood-pressure': msg`a blood pressure`,
  choice: msg`one of its choices`,
  urgency: msg`urgent or can it wait`,
  photo: msg`a photo`,
  free: msg`their own words`,
} as const satisfies Readonly<Record<Question['kind'], unknown>>;

/** What is asked, what answers mean, and where each leads. */
export function QuestionsPart({ protocol, names, change }: PartProps) {
  const { t, i18n } = useLingui();
  const { questions } = protocol;
  const set = (next: Question[]): void => change((now) => ({ ...now, questions: next }));
  return (
    <Part title={t`Questions`} note={t`Asked in this order, each once a check-in.`}>
      {questions.map((question, index) => (
        <Item
          key={question.id}
          title={question.id}
          note={`${i18n._(KIND_NAMES[question.kind])} · ${question.text.en}`}
          {...placeActs(questions, index, set, 1)}
        >
          {() => (
            <QuestionFields
              question={question}
              names={names}
              onChange={(next) => set(replaceAt(questions, index, next))}
            />
          )}
        </Item>
      ))}
      <AddButton
        label={t`Question`}
        onClick={() => {
          const id = freeName('question', names.questions);
          const text = { en: 'How do you feel?', es: '¿Cómo se siente?' };
          set([
            ...questions,
            {
              id,
              item: id,
              text,
              again: text,
              kind: 'free',
              choices: [],
              range: null,
              unit: null,
              branches: [freshBranch('said', names)],
              sources: names.sources.slice(0, 1),
            },
          ]);
        }}
      />
    </Part>
  );
}

function QuestionFields({
  question,
  names,
  onChange,
}: {
  readonly question: Question;
  readonly names: PartProps['names'];
  readonly onChange: (question: Question) => void;
}) {
  const { t, i18n } = useLingui();
  const put = (part: Partial<Question>): void => onChange({ ...question, ...part });
  return (
    <>
      <WordsField label={t`Text`} value={question.text} onChange={(text) => put({ text })} />
      <WordsField label={t`In other words`} value={question.again} onChange={(again) => put({ again })} />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <NativeSelect
          label={t`Asks for`}
          value={question.kind}
          onChange={(event) => put({ kind: event.currentTarget.value as Question['kind'] })}
          data={Object.entries(KIND_NAMES).map(([value, label]) => ({ value, label: i18n._(label) }))}
        />
        <TextInput
          label={t`Unit of its numbers`}
          value={question.unit ?? ''}
          onChange={(event) => put({ unit: event.currentTarget.value || null })}
        />
        <TextInput
          label={t`Believed from`}
          inputMode="decimal"
          value={question.range?.min ?? ''}
          onChange={(event) => put({ range: rangeWith(question.range, 'min', event.currentTarget.value) })}
        />
        <TextInput
          label={t`Believed up to`}
          inputMode="decimal"
          value={question.range?.max ?? ''}
          onChange={(event) => put({ range: rangeWith(question.range, 'max', event.currentTarget.value) })}
        />
      </SimpleGrid>
      <Choices question={question} put={put} />
      <Branches question={question} names={names} put={put} />
      <KeysField
        label={t`Sources`}
        value={question.sources}
        options={names.sources}
        onChange={(sources) => put({ sources })}
      />
    </>
  );
}

interface PartOfQuestion {
  readonly question: Question;
  readonly put: (part: Partial<Question>) => void;
}

function Choices({ question: { choices }, put }: PartOfQuestion) {
  const { t } = useLingui();
  return (
    <>
      <h3 className={style['sub']}>{t`Answers that it offers`}</h3>
      {choices.map((choice, place) => (
        // Keyed by place: letters can be alike while one types.
        <div key={place} className={style['choice']}>
          <TextInput
            label={t`Letter`}
            value={choice.key}
            onChange={(event) =>
              put({
                choices: replaceAt(choices, place, {
                  ...choice,
                  key: event.currentTarget.value.toUpperCase(),
                }),
              })
            }
          />
          <TextInput
            label={t`Code`}
            value={choice.code}
            onChange={(event) =>
              put({ choices: replaceAt(choices, place, { ...choice, code: event.currentTarget.value }) })
            }
          />
          <div>
            <WordsField
              label={t`Label`}
              short
              value={choice.label}
              onChange={(label) => put({ choices: replaceAt(choices, place, { ...choice, label }) })}
            />
          </div>
          <AddButton
            label={t`Remove`}
            onClick={() => put({ choices: choices.filter((_, other) => other !== place) })}
          />
        </div>
      ))}
      <AddButton
        label={t`Answer`}
        onClick={() =>
          put({
            choices: [
              ...choices,
              {
                key: String(choices.length + 1),
                code: `answer-${choices.length + 1}`,
                label: { en: 'Answer', es: 'Respuesta' },
                words: { en: [], es: [] },
              },
            ],
          })
        }
      />
    </>
  );
}

function Branches({
  question: { branches, choices },
  names,
  put,
}: PartOfQuestion & { readonly names: PartProps['names'] }) {
  const { t } = useLingui();
  return (
    <>
      <h3 className={style['sub']}>{t`Where an answer leads: the first line that fits`}</h3>
      {branches.map((branch, place) => (
        <Item
          key={branch.id}
          title={branch.about}
          note={branch.band}
          {...placeActs(branches, place, (next) => put({ branches: next }), 1)}
        >
          {() => (
            <BranchFields
              branch={branch}
              names={names}
              codes={choices.map(({ code }) => code)}
              onChange={(next) => put({ branches: replaceAt(branches, place, next) })}
            />
          )}
        </Item>
      ))}
      <AddButton
        label={t`Line`}
        onClick={() =>
          put({
            branches: [
              ...branches,
              freshBranch(
                freeName(
                  'line',
                  branches.map(({ id }) => id),
                ),
                names,
              ),
            ],
          })
        }
      />
    </>
  );
}

function rangeWith(range: Question['range'], end: 'min' | 'max', text: string): Question['range'] {
  if (text.trim() === '' || !Number.isFinite(Number(text))) return null;
  const value = Number(text);
  return { min: value, max: value, ...range, [end]: value };
}
