// The screens in the order of their tabs. A screen: {name, mount(root, app) -> update}.

import { compare } from "./compare.js";
import { report } from "./report.js";

const ALL = [compare, report];

/** Return the screens that this page has. */
export const screens = (app) => ALL.filter((screen) => !screen.exists || screen.exists(app));
