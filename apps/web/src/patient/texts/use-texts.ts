import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Texts, textsIn } from './texts.ts';

const TextsContext = createContext<Texts>(textsIn('en'));
export const TextsProvider = TextsContext.Provider;

export function useTexts(): Texts {
  return useContext(TextsContext);
}
