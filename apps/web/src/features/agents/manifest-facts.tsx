import type { AgentRow } from '@baton/client';
import { encodeHex } from '@baton/kernel';
import type { Manifest } from '@baton/wire';
import { Trans, useLingui } from '@lingui/react/macro';
import { MemberLine } from '../../design/primitives/member-line.tsx';
import style from './agents.module.css';
import { accessWords, KIND_NAMES, shortDigest } from './manifest-words.ts';

/** The manifest in plain words, and who answers for it. */
export function ManifestFacts({ row, manifest }: { readonly row: AgentRow; readonly manifest: Manifest }) {
  const { i18n } = useLingui();
  const { program, version, code, hosts, access, duty } = manifest;
  return (
    <>
      <section>
        <h2>
          <Trans>Answers for it</Trans>
        </h2>
        {row.responsible !== null && <MemberLine member={row.responsible} />}
      </section>
      <section>
        <h2>
          <Trans>What it may do</Trans>
        </h2>
        <dl className={style['access']}>
          {access.map((one) => (
            <div key={one.kind}>
              <dt>{i18n._(KIND_NAMES[one.kind])}</dt>
              <dd>{accessWords(one, i18n)}</dd>
            </div>
          ))}
          {duty && (
            <div>
              <dt>
                <Trans>Shift changes</Trans>
              </dt>
              <dd>
                <Trans>
                  Enters and removes holders of roles as the signed schedule says. Everybody's device checks
                  each change against it.
                </Trans>
              </dd>
            </div>
          )}
          <div>
            <dt>
              <Trans>Outside this server</Trans>
            </dt>
            <dd>
              {hosts.length === 0 ? (
                <Trans>Reaches nothing else.</Trans>
              ) : (
                <ul className={style['hosts']}>
                  {hosts.map((host) => (
                    <li key={host}>
                      <code>{host}</code>
                    </li>
                  ))}
                </ul>
              )}
            </dd>
          </div>
        </dl>
        <p className={style['quiet']}>
          <Trans>
            Program {program}, manifest version {version}, code <code>{shortDigest(code)}</code>
          </Trans>
        </p>
        <details className={style['digest']}>
          <summary>
            <Trans>Whole code digest</Trans>
          </summary>
          <code>{encodeHex(code)}</code>
        </details>
      </section>
    </>
  );
}
