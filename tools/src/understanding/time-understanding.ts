import { understandReply } from '@baton/clinical';
import { readQuestions, readReplyFiles } from './read-reply-files.ts';

export interface UnderstandingTimes {
  readonly replies: number;
  /** Milliseconds of one reply by rules, red flags and all. */
  readonly mean: number;
  readonly p99: number;
}

const WARM_UPS = 2;

/** Times each labelled reply once, after warming up. */
export function timeUnderstanding(): UnderstandingTimes {
  const questions = readQuestions();
  const replies = readReplyFiles().flatMap(({ text, language, question }) => {
    const expectation = questions[question];
    return expectation === undefined
      ? []
      : [{ text, expectation, language: language === 'mixed' ? ('es' as const) : language }];
  });
  let times: number[] = [];
  for (let round = 0; round <= WARM_UPS; round += 1) {
    times = replies.map(({ text, expectation, language }) => {
      const from = performance.now();
      understandReply(text, expectation, language);
      return performance.now() - from;
    });
  }
  times.sort((left, right) => left - right);
  return {
    replies: times.length,
    mean: times.reduce((sum, time) => sum + time, 0) / times.length,
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
  };
}
