// A mission as it stands, and its line in the plan: both are folds of the same events.

export const initialState = () => ({ regions: [], chain: [], state: "planned" });

export function evolve(line, { type, data }) {
  switch (type) {
    case "mission.published":
      return { ...initialState(), ...data };
    case "mission.revised":
    case "mission.corrected":
      return { ...line, ...data.changes };
    case "mission.rescheduled":
      return { ...line, chain: [...line.chain, line.period], period: data.period };
    case "mission.co-organisation-accepted":
      return { ...line, regions: [...line.regions, data.partner] };
    case "mission.confirmed":
    case "mission.held":
    case "mission.cancelled":
    case "mission.replaced":
      return { ...line, state: type };
    default:
      return line;
  }
}

export const TYPES = [
  "mission.published",
  "mission.revised",
  "mission.rescheduled",
  "mission.legs-set",
  "mission.co-organisation-requested",
  "mission.co-organisation-withdrawn",
  "mission.co-organisation-counter-proposed",
  "mission.co-organisation-accepted",
  "mission.co-organisation-declined",
  "mission.coordinator-named",
  "mission.confirmed",
  "mission.replaced",
  "mission.action-promised",
  "mission.cancelled",
  "mission.held",
  "mission.corrected",
];
