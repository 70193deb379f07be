"""The drift method of drift-method.md on the flights (issue 3, step 8). Run prototype.py first.

    drift_prototype.py [first_day] [--no-spread] [--quiet]     first_day: the Monday 2012-12-31 plus so many days
"""
import sys
import numpy as np, pandas as pd
from scipy import stats

ALPHA, FLOOR_SCORE, FLOOR_H, FLOOR_MISSING = 0.05, 0.05, 0.10, 0.20
RHO_MAX, MIN_ROWS, MIN_REFERENCE_WEEKS, BINS, MIN_SHARE = 0.95, 30, 8, 128, 0.01
NUM=['day_of_week','hour','minute','distance_miles','temperature','wind_speed','precipitation','visibility','pressure','humidity','mean_delay_3h','departures_1h','prediction']
CAT=['carrier','origin','destination']
OUT=['late','predicted-actual']


def bh(p):
    """Benjamini-Hochberg: adjusted p-values."""
    p=np.asarray(p); o=np.argsort(p); n=len(p)
    a=np.minimum.accumulate((p[o]*n/np.arange(1,n+1))[::-1])[::-1]
    r=np.empty(n); r[o]=np.minimum(a,1); return r

def simes(p):
    p=np.sort(p); return float(min(1,np.min(p*len(p)/np.arange(1,len(p)+1))))

def asin(share): return 2*np.arcsin(np.sqrt(np.clip(share,0,1)))

def g(m,rho):
    """Variance of a mean of m consecutive weeks, in units of sigma^2 / m, if neighbours correlate by rho."""
    k=np.arange(1,m); return 1+2*float(np.sum((1-k/m)*rho**k))

def week_test(weeks,values,noise,reference,window):
    """values, noise: per week (index = week number). -> effect, t, df, p, rho"""
    a=values[reference]; N=len(a); m=len(window); mu=a.mean()
    e=a-mu; s2=float(np.sum(e**2)/(N-1)); at={w:i for i,w in enumerate(reference)}
    pairs=[(at[w],at[w+1]) for w in reference if w+1 in at]
    r=float(np.mean([e[i]*e[j] for i,j in pairs])/np.mean(e**2)) if s2>0 and pairs else 0.0
    rho=min(max(r+(1+3*r)/N,0.0),RHO_MAX)
    gN=g(N,rho)
    sigma2=max(s2/(1-(gN-1)/(N-1)), float(noise[reference].mean()))
    # a window with fewer rows than the reference's weeks is noisier by what sampling adds
    extra=max(0.0,float(noise[window].mean()-noise[reference].mean()))
    variance=(sigma2*g(m,rho)+extra)/m+sigma2*gN/N
    df=max(N*(1-rho**2)/(1+rho**2)-1,1.0)
    d=float(values[window].mean()-mu)
    t=d/np.sqrt(variance) if variance>0 else 0.0
    return d,t,df,float(2*stats.t.sf(abs(t),df)),rho


class Weekly:
    """What a profile per week holds: counts per bin or category, missing, and for outcomes sums."""
    def __init__(self,frame,first_day,training_end,spread=True):
        f=frame.copy(); f['prediction']=f.p
        f['week']=(f.date-first_day).dt.days//7
        f=f[f.week>=0]; self.start=first_day; self.spread=spread
        training=f[f.date<training_end]; self.reference=sorted(int(w) for w in training.week.unique())
        if (first_day+pd.Timedelta(days=7*(self.reference[-1]+1)))>training_end: self.reference.pop()   # only whole weeks
        self.weeks=np.arange(0,int(f.week.max())+1); W=len(self.weeks)
        count=lambda s,k: np.zeros(k) if len(s)==0 else np.bincount(s,minlength=k)[:k]
        self.rows=np.bincount(f.week,minlength=W).astype(float)
        self.bins,self.missing,self.cats={},{},{}
        training=f[f.week.isin(self.reference)]
        for c in NUM:
            edges=np.unique(np.quantile(training[c].dropna(),np.arange(1,BINS)/BINS))   # a bin is (edge, next edge]; values equal to an edge close it
            v=f[c].to_numpy(float); ok=~np.isnan(v)
            # distinct edges that are heavy values get a bin of their own: split v==edge from the rest
            b=2*np.searchsorted(edges,v[ok],'left')+np.isin(v[ok],edges)
            m=np.zeros((W,2*len(edges)+2)); np.add.at(m,(f.week.to_numpy()[ok],b),1)
            self.bins[c]=m; self.missing[c]=np.bincount(f.week[~ok],minlength=W).astype(float)
        for c in CAT:
            m=pd.crosstab(f.week,f[c]).reindex(self.weeks,fill_value=0); self.cats[c]=(list(m.columns),m.to_numpy(float))
            self.missing[c]=np.zeros(W)
        self.late=np.bincount(f.week,weights=f.late,minlength=W); self.pred=np.bincount(f.week,weights=f.p,minlength=W)

    def checks(self,reference,window):
        """-> list of dict(column, aspect, effect, t, df, p, floor)"""
        out=[]; n=self.rows
        if len(reference)<max(MIN_REFERENCE_WEEKS,2*len(window)): return out   # not enough data
        def add(c,aspect,v,noise,floor):
            bad=[w for w in list(reference)+list(window) if not np.isfinite(v[w])]
            if bad:
                if any(w in window for w in bad): out.append(dict(column=c,aspect=aspect,p=np.nan)); return
                ref=[w for w in reference if w not in bad]
            else: ref=list(reference)
            d,t,df,p,rho=week_test(self.weeks,v,noise,ref,list(window)); out.append(dict(column=c,aspect=aspect,effect=d,t=t,df=df,p=p,rho=rho,floor=floor))
        def share(k,n):
            with np.errstate(all='ignore'): return np.where(n>=MIN_ROWS,asin(k/n),np.nan),1/np.maximum(n,1)
        for c in NUM:
            m=self.bins[c]; pooled=m[reference].sum(0); total=pooled.sum()
            score=(np.cumsum(pooled)-pooled/2)/total
            k=m.sum(1)
            with np.errstate(all='ignore'): v=np.where(k>=MIN_ROWS,m@score/k,np.nan)
            add(c,'position',v,1/(12*np.maximum(k,1)),FLOOR_SCORE)
            if self.spread and np.count_nonzero(pooled)>2:
                with np.errstate(all='ignore'): v=np.where(k>=MIN_ROWS,m@((2*score-1)**2)/k,np.nan)
                add(c,'spread',v,4/45/np.maximum(k,1),FLOOR_SCORE)
        for c in NUM+CAT:
            if self.missing[c][reference].sum()+self.missing[c][window].sum()>0:
                add(c,'missing',*share(self.missing[c],n),FLOOR_MISSING)
        for c in CAT:
            names,m=self.cats[c]; pooled=m[reference].sum(0); k=m.sum(1); sh=pooled/pooled.sum()
            own=sh>=MIN_SHARE; groups=[(names[i],m[:,i]) for i in np.flatnonzero(own)]
            rest=(sh>0)&~own
            if rest.any(): groups.append(('<rare>',m[:,rest].sum(1)))
            unseen=m[:,sh==0].sum(1)
            sub=[]
            for name,x in groups:
                v,noise=share(x,k); sub.append((name,)+week_test(self.weeks,v,noise,list(reference),list(window)))
            ps=[s[4] if abs(s[1])>=FLOOR_H else 1.0 for s in sub]; i=int(np.argmin(ps))
            out.append(dict(column=c,aspect='shares',p=simes(ps),effect=sub[i][1],t=sub[i][2],df=sub[i][3],rho=sub[i][5],floor=0.0,which=sub[i][0]))
            if unseen[list(window)].sum()>0: add(c,'unseen',*share(unseen,k),FLOOR_MISSING)
        add('late','share',*share(self.late,n),FLOOR_H)
        v=share(self.pred,n)[0]-share(self.late,n)[0]; add('predicted-actual','gap',v,1/np.maximum(n,1),FLOOR_H)
        return out

    def verdicts(self,reference,window):
        """-> one dict per column: p (Simes over its aspects), q (Benjamini-Hochberg over the columns), alert, and the aspect that leads"""
        columns={}
        for x in self.checks(reference,window):
            if np.isfinite(x['p']): columns.setdefault(x['column'],[]).append(dict(x,p=x['p'] if abs(x['effect'])>=x['floor'] else 1.0))
        out=[]
        for c,xs in columns.items():
            lead=min(xs,key=lambda x:x['p']); out.append(dict(lead,p=simes([x['p'] for x in xs]),p_aspect=lead['p']))
        for x,q in zip(out,bh([x['p'] for x in out])): x['q']=q; x['alert']=bool(q<=ALPHA)
        return out


def leave_out(w,verbose=True):
    ref=w.reference; res={}; union=set()
    for m in (1,4,8):
        al=[]; windows=[list(range(e-m+1,e+1)) for e in range(ref[0]+m-1,ref[-1]+1)]
        for win in windows:
            for x in w.verdicts([r for r in ref if r not in win],win):
                if x['alert']: al.append((win[-1],x['column'],x['aspect']))
        cols=len(NUM)+len(CAT)+len(OUT); k=len({a[:2] for a in al}); union|={a[:2] for a in al}
        res[m]=(k,len(windows)*cols)
        if verbose:
            s=pd.Series([a[1]+'.'+a[2] for a in al]).value_counts().to_dict() if al else {}
            print(f'left out, {m} weeks: {k} of {len(windows)*cols} = {100*k/(len(windows)*cols):.1f} %',s)
    print(f'left out, any length: {len(union)} of {len(ref)*cols} = {100*len(union)/(len(ref)*cols):.1f} %')
    return res

def judge(w,last):
    table={}
    for m in (1,4,8):
        for e in range(w.reference[-1]+m,last+1):
            win=list(range(e-m+1,e+1))
            for x in w.verdicts(w.reference,win):
                if x['alert']: table.setdefault(f"{x['column']}.{x['aspect']}",{}).setdefault(m,[]).append((e,x))
    return table

def main():
    args=[a for a in sys.argv[1:] if not a.startswith('--')]; quiet='--quiet' in sys.argv
    first=pd.Timestamp('2012-12-31')+pd.Timedelta(days=int(args[0]) if args else 0)
    f=pd.read_pickle('/tmp/flights_scored.pkl'); f=f[f.late.notna()]
    w=Weekly(f,first,pd.Timestamp('2013-07-01'),'--no-spread' not in sys.argv)
    last=max(i for i in w.weeks if w.start+pd.Timedelta(days=7*i+6)<=pd.Timestamp('2013-12-30'))
    print('weeks from',first.date(),'reference weeks',len(w.reference),'checks',len(w.checks(w.reference,[last])))
    leave_out(w,not quiet)
    day=lambda e:(w.start+pd.Timedelta(days=7*e+6)).strftime('%m-%d')
    for c,ms in sorted(judge(w,last).items(),key=lambda kv:min(v[0][0] for v in kv[1].values())):
        for m,v in ms.items():
            if quiet: print('  ',c,m,day(v[0][0]),f'({len(v)})',end=';')
            else: print(f'{c:32s} {m} weeks:',' '.join(f"{day(e)}({x['effect']:+.2f},q={x['q']:.1g}{','+str(x['which']) if 'which' in x else ''})" for e,x in v))
    print()
if __name__=='__main__': main()
