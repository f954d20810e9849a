// The matrix as ATT&CK Navigator reads it (layer format 4.5). A technique of several tactics stands under each of them.
import type { CoverageState, TechniqueCoverage } from '../../../../shared/contract/detect/attack.ts'
import { currentTechnique } from '../../../../shared/domain/attack.ts'

const colours: Readonly<Record<CoverageState, string>> = {
  none: '',
  off: '#c8ced3',
  blind: '#e6b800',
  partly: '#8fc7ff',
  covered: '#1f66c2',
}
const words: Readonly<Record<CoverageState, string>> = {
  none: 'no rule',
  off: 'rules, none enabled',
  blind: 'enabled rules without a row of their sources',
  partly: 'some enabled rules have rows',
  covered: 'every enabled rule has rows',
}

const commentOf = (one: TechniqueCoverage): string =>
  `${words[one.state]}: ${one.rules} rules, ${one.enabled} enabled, ${one.running} with rows; ${one.detections} detections, ${one.open} open`

export interface LayerAsked {
  show: 'coverage' | 'detections'
  tenant: string
  at: string
  version: string
}

export const navigatorLayer = (techniques: readonly TechniqueCoverage[], o: LayerAsked): object => {
  const most = Math.max(1, ...techniques.map((one) => one.detections))
  return {
    name: `${o.tenant}: ${o.show}`,
    versions: { attack: o.version, navigator: '5.1.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description: `${o.show === 'coverage' ? 'Rules, and whether there are rows for them' : 'Detections'}, ${o.at}`,
    sorting: 3,
    layout: { layout: 'side', showID: true, showName: true },
    hideDisabled: false,
    techniques: techniques
      .filter((one) => (o.show === 'coverage' ? one.state !== 'none' : one.detections > 0))
      .flatMap((one) =>
        (currentTechnique(one.id)?.tactics ?? []).map((tactic) => ({
          techniqueID: one.id,
          tactic,
          score: o.show === 'coverage' ? one.running : one.detections,
          ...(o.show === 'coverage' ? { color: colours[one.state] } : {}),
          comment: commentOf(one),
          enabled: true,
          showSubtechniques: false,
        })),
      ),
    gradient: { colors: ['#ffe3e3', '#c81e3a'], minValue: 0, maxValue: most },
    legendItems:
      o.show === 'coverage'
        ? (['covered', 'partly', 'blind', 'off'] as const).map((state) => ({ label: words[state], color: colours[state] }))
        : [],
    selectTechniquesAcrossTactics: true,
  }
}
