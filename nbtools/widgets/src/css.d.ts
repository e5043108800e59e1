/** A style sheet, which the bundler hands over as its text. */
declare module "*.css" {
  const text: string;
  export default text;
}
