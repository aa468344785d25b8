/** Batches pages. */
import "./styles/base.css";
import "./styles/header.css";
import "./styles/site.css";
import "./styles/front.css";
import "./styles/overlays.css";
import "./styles/staff.css";
import "./styles/batches.css";
import "./styles/palette-editor.css";
import { followThemeSwitch } from "./shared/ui/theme.ts";
import "./batches/batch.ts";
import "./batches/editor.ts";
import "./batches/like.ts";
import "./batches/form.ts";

followThemeSwitch();
