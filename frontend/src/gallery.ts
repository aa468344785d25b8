/** The gallery. */
import "./styles/base.css";
import "./styles/site.css";
import "./styles/forms.css";
import "./styles/overlays.css";
import "./styles/gallery.css";
import "./styles/uploads.css";
import { followThemeSwitch } from "./ui/theme.ts";
import "./ui/htmx.ts";
import "./ui/uploads.ts";
import "./gallery/page.ts";

followThemeSwitch();
