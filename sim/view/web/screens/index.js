// The screens in the order of their tabs. A screen: {name, mount(root, app) -> update}.

import { assumptions } from "./assumptions.js";
import { compare } from "./compare.js";
import { law } from "./law.js";
import { person } from "./person.js";
import { report } from "./report.js";
import { room } from "./room.js";

const ALL = [compare, assumptions, person, law, room, report];

/** Return the screens that this page has. */
export const screens = (app) => ALL.filter((screen) => !screen.exists || screen.exists(app));
