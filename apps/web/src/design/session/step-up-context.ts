import { createContext, useContext } from 'react';

/** Asks for a fresh proof of presence; settles when it was given, rejects when the person closed the question. */
export type ProvePresence = () => Promise<void>;

const nobodyToAsk: ProvePresence = () => Promise.reject(new Error('nobody to ask for a proof of presence'));

export const StepUpContext = createContext<ProvePresence>(nobodyToAsk);

export function useProvePresence(): ProvePresence {
  return useContext(StepUpContext);
}
