/** Tells how far a long piece of work is: what is being done, how much is done, of how much. */
export type OnProgress = (task: string, done: number, total: number) => void;
