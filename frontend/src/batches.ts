/** Batches pages. */
import "./styles/base.css";
import "./styles/site.css";
import "./styles/staff.css";
import "./styles/batches.css";
import { followThemeSwitch } from "./ui/theme.ts";
import "./batches/batch.ts";
import "./batches/editor.ts";
import "./batches/form.ts";

followThemeSwitch();
