/** The gallery. */
import "./styles/base.css";
import "./styles/header.css";
import "./styles/site.css";
import "./styles/front.css";
import "./styles/forms.css";
import "./styles/overlays.css";
import "./styles/gallery.css";
import "./styles/cards.css";
import "./styles/uploads.css";
import { followThemeSwitch } from "./shared/ui/theme.ts";
import "./shared/ui/htmx.ts";
import "./gallery/uploads.ts";
import "./gallery/page.ts";

followThemeSwitch();
