/** The options of a check. */
export interface CheckOptions {
  /** True when only the pages are checked, and not the rows. */
  readonly pagesOnly?: boolean;
  /** The time for rows and indexes, in milliseconds; the pages are always checked. No limit by default. */
  readonly rowsMsMax?: number;
  /** True when a damaged index is to be made anew. Nobody else has the database open then. */
  readonly rebuilds?: boolean;
  /** The steps of the schema; for tests of an upgrade. */
  readonly ladder?: readonly string[] | undefined;
  /** Called now and then with the progress. */
  readonly onProgress?: ((progress: CheckProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The progress of a check: the share of the messages, from 0 to 1; undefined while it reads pages. */
export interface CheckProgress {
  readonly rowsShare: number | undefined;
}

/** The findings of a check, in words for people. */
export interface Findings {
  /** Damage that cannot be repaired from the rows. */
  readonly damage: string | undefined;
  /** The changes of another program to the schema. */
  readonly altered: string | undefined;
  /** The damage of an index whose rows are whole. */
  readonly indexDamage: string | undefined;
  /** The damage of an index before it was made anew. */
  readonly rebuilt?: string;
  /** The part that there was no time for. */
  readonly skipped: string | undefined;
  /** True when there is no schema: the file is new. */
  readonly isNew: boolean;
  /** The number of accounts and messages, when all rows were read. */
  readonly accounts: number;
  readonly messages: number;
}

/** The findings of a check that has found nothing wrong. */
export const whole: Findings = {
  damage: undefined,
  altered: undefined,
  indexDamage: undefined,
  skipped: undefined,
  isNew: false,
  accounts: 0,
  messages: 0,
};
