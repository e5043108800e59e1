/** What the host is given of a widget: one controller per model, any number of views of it. */

import type { AnyModel } from "@anywidget/types";

interface Closing {
  close(): void;
}

/** A function, so that each model has a controller of its own even where a host keeps the module. */
export const widget =
  <Of extends Closing>(make: (model: AnyModel) => Of, draw: (controller: Of, el: HTMLElement) => Closing) =>
  () => {
    let controller: Of | null = null;
    const of = (model: AnyModel): Of => {
      controller ??= make(model);
      return controller;
    };
    return {
      initialize({ model }: { model: AnyModel }) {
        const mine = of(model);
        return () => {
          mine.close();
          if (controller === mine) controller = null;
        };
      },
      render({ model, el }: { model: AnyModel; el: HTMLElement }) {
        const view = draw(of(model), el);
        return () => view.close();
      },
    };
  };
