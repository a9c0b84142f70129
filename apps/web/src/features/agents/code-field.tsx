import { type Bytes, decodeBase64Url } from '@baton/kernel';
import { useLingui } from '@lingui/react/macro';
import { TextInput } from '@mantine/core';

const DIGEST_BYTES = 32;

/** The digest as the station prints it; null while it is none. */
export function parseDigest(text: string): Bytes | null {
  const code = decodeBase64Url(text.trim());
  return code !== null && code.length === DIGEST_BYTES ? code : null;
}

/** Where the digest of the program's code is pasted. */
export function CodeField({
  program,
  value,
  onChange,
  focusFirst = false,
}: {
  readonly program: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly focusFirst?: boolean;
}) {
  const { t } = useLingui();
  const isWrong = value !== '' && parseDigest(value) === null;
  return (
    <TextInput
      {...(focusFirst && { 'data-autofocus': true })}
      label={t`Code digest`}
      description={t`As the station says it: npm run station -- agent digest ${program}`}
      required
      autoComplete="off"
      spellCheck={false}
      error={isWrong ? t`That is no code digest. It has 43 characters.` : null}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
    />
  );
}
