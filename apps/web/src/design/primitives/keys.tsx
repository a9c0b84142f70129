import style from './keys.module.css';

const MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** "Mod+K" as the keys of this machine, "G I" as two keys in turn. */
export function Keys({ keys, onDark = false }: { readonly keys: string; readonly onDark?: boolean }) {
  return (
    <span className={style['keys']} data-on-dark={onDark || undefined}>
      {keys.split(' ').map((key) => (
        <kbd key={key}>{key.replace('Mod', MAC ? '⌘' : 'Ctrl').replaceAll('+', MAC ? '' : ' ')}</kbd>
      ))}
    </span>
  );
}
