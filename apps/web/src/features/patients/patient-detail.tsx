import type { PatientRecord } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconArrowLeft } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { IconAction } from '../../design/primitives/icon-action.tsx';
import { useLayout } from '../../design/primitives/layout.ts';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { isoDateWords, tableTime } from '../../design/words/time-words.ts';
import { useTimeFrame } from '../../design/session/frame-context.tsx';
import { GENDER_NAMES } from './gender-names.ts';
import style from './patients.module.css';

export function PatientDetail({
  record,
  acts,
}: {
  readonly record: PatientRecord;
  /** What can be done from here. */
  readonly acts?: ReactNode;
}) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const layout = useLayout();
  const frame = useTimeFrame();
  return (
    <article className={style['detail']}>
      {layout !== 'wide' && (
        <IconAction
          label={t`Back to the patients`}
          onClick={() => void navigate({ to: '/patients', hash: '' })}
        >
          <IconArrowLeft size={20} stroke={1.8} />
        </IconAction>
      )}
      <Heading record={record} />
      {acts}
      <Allergies allergies={record.allergies} />
      <div className={style['columns']}>
        <Conditions conditions={record.conditions} />
        <Medications medications={record.medications} />
      </div>
      <Demographics record={record} />
      <p className={style['source']}>
        <Trans>
          Imported {tableTime(record.importedAt, frame)}. Opened on this device; the server cannot read it.
        </Trans>
      </p>
    </article>
  );
}

function Heading({ record }: { readonly record: PatientRecord }) {
  const { t, i18n } = useLingui();
  const { patients } = useSession();
  const age = useLive(patients.rows).find((row) => row.ref === record.ref)?.age ?? null;
  const mrn = record.identifiers[0];
  const facts = [
    record.birthDate === null ? t`birth date not known` : isoDateWords(record.birthDate, i18n.locale),
    age === null ? null : t`${age} years`,
    record.gender === null ? null : i18n._(GENDER_NAMES[record.gender]),
    mrn === undefined ? null : `${mrn.label} ${mrn.value}`,
  ].filter((fact) => fact !== null);
  const died = typeof record.deceased === 'string' ? isoDateWords(record.deceased, i18n.locale) : '';
  return (
    <header>
      <h1>{[record.prefix, ...record.given, record.family].filter((part) => part !== null).join(' ')}</h1>
      <p className={style['about']}>{facts.join(' · ')}</p>
      {record.deceased !== null && record.deceased !== false && (
        <p className={style['died']}>{died === '' ? t`Deceased` : t`Deceased ${died}`}</p>
      )}
    </header>
  );
}

function Part({
  title,
  count,
  children,
}: {
  readonly title: string;
  readonly count?: number;
  readonly children: ReactNode;
}) {
  const { t } = useLingui();
  return (
    <section className={style['part']}>
      <h2>
        {title}
        {count !== undefined && <span className={style['count']}> {t`${count} active`}</span>}
      </h2>
      {children}
    </section>
  );
}

function Allergies({ allergies }: { readonly allergies: readonly string[] }) {
  const { t } = useLingui();
  return (
    <Part title={t`Allergies`}>
      {allergies.length === 0 ? (
        <p className={style['none']}>
          <Trans>None recorded.</Trans>
        </p>
      ) : (
        <ul className={style['allergies']}>
          {allergies.map((allergy) => (
            <li key={allergy}>{allergy}</li>
          ))}
        </ul>
      )}
    </Part>
  );
}

interface Dated {
  readonly text: string;
  readonly active: boolean;
  readonly since: string | null;
}

function DatedList({ items, none }: { readonly items: readonly Dated[]; readonly none: string }) {
  const { t, i18n } = useLingui();
  if (items.length === 0) return <p className={style['none']}>{none}</p>;
  const sorted = [...items].sort(
    (a, b) => Number(b.active) - Number(a.active) || (b.since ?? '').localeCompare(a.since ?? ''),
  );
  return (
    <ul className={style['dated']}>
      {sorted.map((item, index) => {
        const since = item.since === null ? null : isoDateWords(item.since, i18n.locale);
        return (
          // Keyed by place: two entries can be alike in all they show
          <li key={index} data-past={!item.active || undefined}>
            <span>{item.text}</span>
            <span className={style['since']}>
              {[item.active ? null : t`past`, since].filter((part) => part !== null).join(' · ')}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Conditions({ conditions }: Pick<PatientRecord, 'conditions'>) {
  const { t } = useLingui();
  return (
    <Part title={t`Conditions`} count={conditions.filter(({ active }) => active).length}>
      <DatedList
        none={t`None recorded.`}
        items={conditions.map((item) => ({ ...item, since: item.onset }))}
      />
    </Part>
  );
}

function Medications({ medications }: Pick<PatientRecord, 'medications'>) {
  const { t } = useLingui();
  return (
    <Part title={t`Medications`} count={medications.filter(({ active }) => active).length}>
      <DatedList
        none={t`None recorded.`}
        items={medications.map((item) => ({ ...item, since: item.authored }))}
      />
    </Part>
  );
}

function Demographics({ record }: { readonly record: PatientRecord }) {
  const { t, i18n } = useLingui();
  const facts: readonly (readonly [string, ReactNode])[] = [
    ...record.telecom.map(
      ({ system, value }) =>
        [
          system === 'email' ? t`E-mail` : t`Phone`,
          <a key={value} href={`${system === 'email' ? 'mailto' : 'tel'}:${value}`}>
            {value}
          </a>,
        ] as const,
    ),
    ...record.address.map((line) => [t`Address`, line] as const),
    ...(record.language === null ? [] : [[t`Language`, languageName(record.language, i18n.locale)] as const]),
    ...record.practitioners.map(({ name }) => [t`Cared for by`, name] as const),
    ...record.identifiers.map(({ label, value }) => [label, value] as const),
    ...(record.lastEncounter === null
      ? []
      : [
          [
            t`Last visit`,
            `${isoDateWords(record.lastEncounter.at, i18n.locale)}, ${record.lastEncounter.text}`,
          ] as const,
        ]),
  ];
  return (
    <Part title={t`Contact and record`}>
      <dl className={style['record']}>
        {facts.map(([label, value], index) => (
          // Keyed by place: labels repeat.
          <div key={index}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

function languageName(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(code) ?? code;
  } catch {
    // An imported code that is no language tag is shown as it came.
    return code;
  }
}
