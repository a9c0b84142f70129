import { Modal } from '@mantine/core';
import { useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import style from './palette.module.css';
import { type PaletteItem, usePaletteItems } from './palette-items.tsx';

/** Ctrl/Cmd-K: people, patients, roles, threads and actions in one list. Everything is searched on this device. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { t } = useLingui();
  const listId = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const search = usePaletteItems();
  const items = useMemo(() => search(query), [search, query]);
  const at = Math.min(active, items.length - 1);
  const choose = (item: PaletteItem | undefined): void => {
    if (item === undefined) return;
    onClose();
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setActive((at + 1) % Math.max(1, items.length));
    else if (event.key === 'ArrowUp') setActive((at + items.length - 1) % Math.max(1, items.length));
    else if (event.key === 'Enter') choose(items[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      opened
      size="lg"
      yOffset="12vh"
      centered={false}
      padding={0}
      withCloseButton={false}
      onClose={onClose}
      aria-label={t`Search everything`}
    >
      <input
        className={style['field']}
        data-autofocus
        role="combobox"
        aria-label={t`Search people, patients, roles, threads and actions`}
        placeholder={t`Search people, patients, roles, threads and actions`}
        aria-expanded={items.length > 0}
        aria-autocomplete="list"
        aria-controls={listId}
        aria-activedescendant={items.length > 0 ? `${listId}-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={style['list']} role="listbox" id={listId} aria-label={t`Results`}>
        {items.map((item, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the keyboard works from the search field (aria-activedescendant); an option never takes the focus
          <div
            key={item.key}
            id={`${listId}-${index}`}
            ref={index === at ? keepInView : null}
            role="option"
            aria-selected={index === at}
            className={style['option']}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(item)}
          >
            <span className={style['icon']}>{item.icon}</span>
            <span className={style['label']}>{item.label}</span>
            <span className={style['kind']}>{item.kind}</span>
          </div>
        ))}
      </div>
      {items.length === 0 && <p className={style['none']}>{t`Nothing found`}</p>}
    </Modal>
  );
}

function keepInView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
