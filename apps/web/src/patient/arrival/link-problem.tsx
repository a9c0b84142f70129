import { Button } from '../look/button.tsx';
import { DoorScreen } from '../look/door-screen.tsx';
import { useTexts } from '../texts/use-texts.ts';

export type LinkTrouble = 'expired' | 'used' | 'locked' | 'broken';

/** Why a link does not open, and what to do: the page does not know the practice's number yet. */
export function LinkProblem({
  trouble,
  onLanguage,
  onElsewhere,
}: {
  readonly trouble: LinkTrouble;
  readonly onLanguage: () => void;
  readonly onElsewhere: () => void;
}) {
  const { t } = useTexts();
  return (
    <DoorScreen key={trouble} title={t(`link.${trouble}`)} onLanguage={onLanguage}>
      <p>{t(`link.${trouble}Why`)}</p>
      {trouble === 'used' && (
        <Button look="main" wide onClick={onElsewhere}>
          {t('link.open')}
        </Button>
      )}
      <p>
        <b>{t(`link.${trouble}Do`)}</b>
      </p>
      {trouble !== 'used' && (
        <Button look="plain" onClick={onElsewhere}>
          {t('link.open')}
        </Button>
      )}
    </DoorScreen>
  );
}
