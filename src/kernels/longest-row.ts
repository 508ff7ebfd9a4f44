/** The maximum number of columns for the functions of a row that an engine has. */
export const LONGEST_ROW = 2048;
