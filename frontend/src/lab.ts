/** The laboratory's pages: models, runs, searches. */
import "./styles/base.css";
import "./styles/header.css";
import "./styles/site.css";
import "./styles/charts.css";
import "./styles/lab.css";
import "./styles/staff.css";
import { followThemeSwitch } from "./shared/ui/theme.ts";
import "./staff/chart.ts";
import "./staff/recipe-form.ts";
import "./staff/live-run.ts";

followThemeSwitch();
